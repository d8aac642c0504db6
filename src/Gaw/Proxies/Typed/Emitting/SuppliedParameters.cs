using Gaw.Services;

namespace Gaw.Proxies.Typed.Emitting;

/// <summary>Where the parameters of a method stand that do not go to the server, as arguments of the emitted method: the first is 1; -1: there is none.</summary>
internal readonly record struct SuppliedParameters(int Token, int Options, int Progress)
{
    public static SuppliedParameters Find(ContractMethod contract)
    {
        SuppliedParameters found = new(Token: -1, Options: -1, Progress: -1);
        for (int i = 0; i < contract.Parameters.Length; i++)
        {
            Type parameter = contract.Parameters[i].ParameterType;
            if (parameter == typeof(CancellationToken))
            {
                found = found with { Token = i + 1 };
            }
            else if (parameter == typeof(CallOptions))
            {
                found = found with { Options = i + 1 };
            }
            else if (ProgressParameter.GetReported(parameter) is not null)
            {
                found = found with { Progress = i + 1 };
            }
        }

        return found;
    }
}
