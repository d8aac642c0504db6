namespace Gaw.Tool;

/// <summary>What the help shows of an option beside its own text.</summary>
internal interface ISetting
{
    /// <summary>The variable of the environment that gives the option, too.</summary>
    string Variable { get; }
}
