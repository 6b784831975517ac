using System.Globalization;
using Curie.Numerics.Random;

namespace Curie.Text.Sources;

/// <summary>Questions of arithmetic, each true by construction; the numbers' sizes are spread evenly over their count of digits.</summary>
internal sealed class ArithmeticQuestions
{
    private const int Kinds = 12;
    private static readonly string[] People =
    [
        "Anna",
        "Ben",
        "Clara",
        "David",
        "Emma",
        "Felix",
        "Greta",
        "Hugo",
        "Ida",
        "Jonas",
        "Marie",
        "Pierre",
    ];
    private static readonly string[] Things =
    [
        "apples",
        "books",
        "coins",
        "flasks",
        "lamps",
        "letters",
        "magnets",
        "pencils",
        "shells",
        "stamps",
    ];
    private static readonly string[] Holders = ["bag", "box", "crate", "drawer", "jar", "shelf"];
    private readonly PhiloxStream _random;

    public ArithmeticQuestions(PhiloxStream random) => _random = random;

    /// <summary>The next question and its answer.</summary>
    public (string Question, string Answer) Next() =>
        _random.NextInt32(Kinds) switch
        {
            0 => Sum(),
            1 => Difference(),
            2 => Product(),
            3 => Quotient(),
            4 => Remainder(),
            5 => Comparison(),
            6 => Chain(),
            7 => Sequence(),
            8 => Unknown(),
            9 => Gift(),
            10 => Boxes(),
            _ => Sharing(),
        };

    private (string, string) Sum()
    {
        long a = Number(5);
        long b = Number(5);
        return (
            Pick([$"What is {a} + {b}?", $"Add {a} and {b}.", $"Work out {a} + {b}.", $"What is the sum of {a} and {b}?"]),
            Text(a + b)
        );
    }

    private (string, string) Difference()
    {
        long a = Number(5);
        long b = Number(5);
        return (Pick([$"What is {a} - {b}?", $"Subtract {b} from {a}.", $"Take {b} away from {a}.", $"Work out {a} - {b}."]), Text(a - b));
    }

    private (string, string) Product()
    {
        long a = Number(3);
        long b = Number(3);
        return (
            Pick([$"What is {a} * {b}?", $"Multiply {a} by {b}.", $"What is {a} times {b}?", $"What is the product of {a} and {b}?"]),
            Text(a * b)
        );
    }

    private (string, string) Quotient()
    {
        long a = Number(3);
        long b = Number(2);
        return (Pick([$"What is {a * b} / {b}?", $"Divide {a * b} by {b}.", $"How many times does {b} go into {a * b}?"]), Text(a));
    }

    private (string, string) Remainder()
    {
        long a = Number(4);
        long b = 1 + Number(2);
        return (
            Pick([$"What is the remainder when {a} is divided by {b}?", $"Calculate the remainder when {a} is divided by {b}."]),
            Text(a % b)
        );
    }

    private (string, string) Comparison()
    {
        long a = Number(4);
        long b = Number(4);
        return (
            Pick([$"Which is larger, {a} or {b}?", $"Which is bigger: {a} or {b}?"]),
            a == b ? "They are equal." : Text(Math.Max(a, b))
        );
    }

    private (string, string) Chain()
    {
        long a = Number(3);
        long b = Number(2);
        long c = Number(3);
        return _random.NextInt32(2) == 0
            ? ($"What is {a} + {b} - {c}?", Text(a + b - c))
            : ($"What is {a} + {b} * {c}?", Text(a + (b * c)));
    }

    private (string, string) Sequence()
    {
        long first = Number(2);
        long step = Number(2);
        string terms = string.Join(", ", Enumerable.Range(0, 4).Select(i => Text(first + (i * step))));
        return (Pick([$"What comes next: {terms}?", $"What is the next number in the sequence {terms}?"]), Text(first + (4 * step)));
    }

    private (string, string) Unknown()
    {
        long x = Number(3);
        long a = Number(1);
        long b = Number(3);
        return (Pick([$"Solve {a}*x + {b} = {(a * x) + b} for x.", $"If {a}*x + {b} = {(a * x) + b}, what is x?"]), Text(x));
    }

    private (string, string) Gift()
    {
        long b = Number(2);
        long a = b + Number(2);
        string giver = Pick(People);
        string taker = Pick([.. People.Where(person => person != giver)]);
        string thing = Pick(Things);
        return (
            $"{giver} has {a} {thing} and gives {b} of them to {taker}. How many {thing} does {giver} have left?",
            $"{a} - {b} = {a - b}"
        );
    }

    private (string, string) Boxes()
    {
        long a = 1 + Number(2);
        long b = 1 + Number(2);
        string thing = Pick(Things);
        string holder = Pick(Holders);
        string person = Pick(People);
        return (
            $"There are {a} {thing} in every {holder}. {person} fills {b} of them. How many {thing} are there in all?",
            $"{a} * {b} = {a * b}"
        );
    }

    private (string, string) Sharing()
    {
        long friends = 2 + _random.NextInt32(11);
        long each = Number(2);
        string thing = Pick(Things);
        string person = Pick(People);
        return (
            $"{person} shares {friends * each} {thing} evenly among {friends} friends. How many {thing} does each friend get?",
            $"{friends * each} / {friends} = {each}"
        );
    }

    /// <summary>At least 1, with one to <paramref name="digits"/> digits, each count equally likely.</summary>
    private long Number(int digits)
    {
        int power = 1;
        for (int digit = _random.NextInt32(digits); digit > 0; digit--)
        {
            power *= 10;
        }

        return power + _random.NextInt32(9 * power);
    }

    private string Pick(string[] choices) => choices[_random.NextInt32(choices.Length)];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
