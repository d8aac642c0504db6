// The smallest .NET program, against which the start of "gaw call" is held.
Console.WriteLine("Hello, World!");
