namespace Gaw;

/// <summary>Goes on with a call.</summary>
/// <param name="context">The call.</param>
public delegate ValueTask GawFilterNext(GawFilterContext context);
