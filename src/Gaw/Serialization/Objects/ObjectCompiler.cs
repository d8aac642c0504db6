using System.Linq.Expressions;
using System.Reflection;
using Gaw.Json;
using Gaw.Serialization.Shapes;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization.Objects;

/// <summary>Compiles the reading and writing of a type's members, so that no member is boxed and none is reached by reflection afterwards.</summary>
internal static class ObjectCompiler
{
    private static readonly MethodInfo BeginMethod = Method<MemberTable>(nameof(MemberTable.Begin));
    private static readonly MethodInfo NextMethod = Method<MemberTable>(nameof(MemberTable.Next));
    private static readonly MethodInfo MissingMethod = Method<MemberErrors>(nameof(MemberErrors.Missing));
    private static readonly MethodInfo CannotMakeMethod = Method<MemberErrors>(nameof(MemberErrors.CannotMake));
    private static readonly MethodInfo WriteNameMethod = Method<MemberTable>(nameof(MemberTable.Write));

    /// <summary>Compiles a reader of the plain object, without markers.</summary>
    public static ObjectReader<T> Reader<T>(ObjectShape shape, MemberTable names, IReadOnlyList<ValueConverter> converters)
    {
        if (ObjectReflector.IsNeeded)
        {
            return ObjectReflector.Reader<T>(shape, names, converters);
        }

        ParameterExpression reader = Parameter(typeof(JsonReader).MakeByRefType(), "reader");
        ParameterExpression progress = Parameter(typeof(ObjectProgress).MakeByRefType(), "progress");
        ParameterExpression made = Variable(typeof(T), "made");
        ParameterExpression steps = Variable(typeof(MemberTable), "steps");
        MemberSlot[] slots = [.. shape.Members.Select((member, index) => new MemberSlot(member, index))];

        List<Expression> body = new List<Expression>();
        IEnumerable<MemberSlot> optional = slots.Where(static slot => slot.Member.Parameter is { HasDefaultValue: true } parameter && parameter.ParameterType == slot.Member.Type);
        body.AddRange(optional.Select(static slot => Assign(slot.Value, MemberAccess.DefaultOf(slot.Member.Parameter!))));
        body.Add(Assign(steps, Constant(names)));
        body.Add(Call(steps, BeginMethod, reader, progress));
        body.Add(ReadingLoop(slots, converters, steps, reader, progress));
        body.AddRange(slots.Where(slot => slot.Member.IsRequired).Select(slot => IfThen(Not(slot.IsPresent), Throw(Call(Constant(names.Errors), MissingMethod, Constant(slot.Index))))));
        body.Add(Making(shape, slots, made, names, progress));
        body.Add(made);

        IEnumerable<ParameterExpression> locals = [made, steps, .. slots.SelectMany(static slot => new[] { slot.Value, slot.IsPresent })];
        return Lambda<ObjectReader<T>>(Block(locals, body), reader, progress).Compile();
    }

    /// <summary>Compiles a writer of the members, without the braces around them.</summary>
    public static ObjectMembersWriter<T> Writer<T>(ObjectShape shape, MemberTable names, IReadOnlyList<ValueConverter> converters)
    {
        if (ObjectReflector.IsNeeded)
        {
            return ObjectReflector.Writer<T>(shape, names, converters);
        }

        ParameterExpression writer = Parameter(typeof(JsonWriter), "writer");
        ParameterExpression value = Parameter(typeof(T), "value");
        ParameterExpression current = Parameter(typeof(int).MakeByRefType(), "current");
        ParameterExpression steps = Variable(typeof(MemberTable), "steps");
        List<Expression> body = [Assign(steps, Constant(names))];
        for (int index = 0; index < shape.Members.Count; index++)
        {
            body.Add(Assign(current, Constant(index)));
            body.Add(Call(steps, WriteNameMethod, writer, Constant(index)));
            body.Add(ConverterCall.Write(converters[index], writer, MemberAccess.Get(value, shape.Members[index].Source)));
        }

        return Lambda<ObjectMembersWriter<T>>(Block(typeof(void), [steps], [.. body, Empty()]), writer, value, current).Compile();
    }

    /// <summary>A method that compiled code calls.</summary>
    internal static MethodInfo Method<TOwner>(string name) => typeof(TOwner).GetMethod(name, BindingFlags.Public | BindingFlags.Instance)!;

    private static LoopExpression ReadingLoop(MemberSlot[] slots, IReadOnlyList<ValueConverter> converters, Expression steps, Expression reader, Expression progress)
    {
        LabelTarget done = Label("done");
        SwitchCase[] cases =
        [
            .. slots.Select(slot => SwitchCase(
                Block(
                    typeof(void),
                    Assign(slot.Value, ConverterCall.Read(converters[slot.Index], reader)),
                    Assign(slot.IsPresent, Constant(true))),
                Constant(slot.Index))),
        ];
        Expression next = Call(steps, NextMethod, reader, progress);
        GotoExpression leave = Break(done);
        return Loop(cases.Length == 0 ? Block(next, leave) : Switch(typeof(void), next, leave, null, cases), done);
    }

    /// <summary>The constructor and the setters, in a try: what they throw is a matter of the values that came.</summary>
    private static TryExpression Making(ObjectShape shape, MemberSlot[] slots, ParameterExpression made, MemberTable names, Expression progress)
    {
        Expression current = Field(progress, nameof(ObjectProgress.Member));
        IEnumerable<Expression> arguments = shape.Constructor?.GetParameters().Select(parameter =>
            Array.Find(slots, slot => slot.Member.Parameter == parameter) is { } slot ? MemberAccess.Argument(slot, parameter) : MemberAccess.DefaultOf(parameter)) ?? [];
        List<Expression> body = new List<Expression> { Assign(made, shape.Constructor is null ? New(shape.Type) : New(shape.Constructor, arguments)) };
        foreach (MemberSlot slot in slots.Where(static slot => slot.Member.Parameter is null))
        {
            Expression given = slot.Member.IsInPlace ? MemberAccess.Fill(names.InPlace, made, slot) : MemberAccess.Set(made, slot.Member.Source, slot.Value);
            body.Add(IfThen(slot.IsPresent, Block(Assign(current, Constant(slot.Index)), given)));
        }

        body.Add(Assign(current, Constant(-1)));
        ParameterExpression cause = Variable(typeof(Exception), "cause");
        return TryCatch(Block(typeof(void), body), Catch(cause, Throw(Call(Constant(names.Errors), CannotMakeMethod, cause, progress), typeof(void))));
    }
}
