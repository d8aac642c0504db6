using Gaw;

/// <summary>Where a half is rounded to.</summary>
public enum Towards
{
    /// <summary>To the nearest even number.</summary>
    Even,

    /// <summary>Away from zero.</summary>
    Away,
}

/// <summary>Calculates, and says hello.</summary>
/// <param name="helloMsg">What every answer begins with.</param>
[Service("math_service")]
public sealed class MathService(string helloMsg)
{
    /// <summary>Adds two numbers.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    [Entrypoint]
    public string Plus(int a, int b) => $"{helloMsg}: {a + b}";

    /// <summary>Multiplies two numbers.</summary>
    [Entrypoint("multiply", Idempotent = true)]
    public async Task<string> TimesAsync(int a, int b, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return $"{helloMsg}: {a * b}";
    }

    /// <summary>Divides, and keeps the rest.</summary>
    /// <param name="dividend">What is divided.</param>
    /// <param name="divisor">By what; not 0.</param>
    /// <returns>How often it goes, and what is left.</returns>
    [Entrypoint]
    public Division Divide(int dividend, int divisor) => new(helloMsg, dividend / divisor, dividend % divisor);

    /// <summary>Adds any number of numbers.</summary>
    [Entrypoint]
    public double Sum(params double[] numbers) => numbers.Sum();

    /// <summary>Rounds a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">How many decimals stay.</param>
    /// <param name="towards">Where halves go.</param>
    [Entrypoint]
    public double Round(double value, int digits = 0, Towards towards = Towards.Even) =>
        Math.Round(value, digits, towards == Towards.Even ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);
}

/// <summary>A division of integers.</summary>
/// <param name="Header">The greeting.</param>
/// <param name="Quotient">How often it goes.</param>
/// <param name="Rest">What is left.</param>
[GawSerializable]
public sealed record Division(string Header, int Quotient, int Rest);
