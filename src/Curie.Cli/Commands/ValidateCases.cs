using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Numerics;
using Curie.Sampling.Validation;

namespace Curie.Cli.Commands;

/// <summary>The subcommands of <c>curie validate</c>: one case each, with settings of the user's own.</summary>
internal static class ValidateCases
{
    public static IEnumerable<Command> Create(Session session) =>
        [
            Quadratic(session),
            Monomial(session),
            Crossing(session),
            Box(session),
            Anharmonic(session),
            Influence(session),
            Slope(session),
            ReducedRank(session),
            DeepLinear(session),
            Response(session),
        ];

    private static CurieCommand Quadratic(Session session)
    {
        Option<double[]> h = Numbers("--h", "The Hessian, row by row; a single number for one dimension.");
        Option<double?> noise = SamplingOverrides.Number(
            "--gradient-noise",
            "s², the variance of noise on each element of the gradient, as of a minibatch; 0 by default.",
            value => value >= 0,
            "of at least 0"
        );
        return Case(
            session,
            "quadratic",
            "K = ½wᵀHw. Exact for the chain itself: ½ Σ nβh/(a(1 − εa/4)), a = nβh + γ, over H's eigenvalues h; for mala and sgnht "
                + "without the step.",
            "curie validate quadratic --h 2,1,1,2 --nbeta 100 --localization 10",
            [h, noise],
            (parsed, settings) => new QuadraticCase(parsed.GetValue(h), settings, parsed.GetValue(noise) ?? 0)
        );
    }

    private static CurieCommand Slope(Session session)
    {
        Option<double[]> slopes = Numbers("--slopes", "c_i, one for each weight.");
        return Case(
            session,
            "slope",
            "L = Σ c_i·w_i held by localisation; γ·Var w, the mean over the weights. Exact for sgld and rmsprop-sgld at any step: the "
                + "mean of 1/(1 − εGγ/4).",
            "curie validate slope --slopes 0.01,0.1,1,10 --sampler rmsprop-sgld",
            [slopes],
            (parsed, settings) => new SlopeCase(parsed.GetValue(slopes), settings),
            (parsed, settings) => ResponseCases.Slopes(parsed.GetValue(slopes), settings)
        );
    }

    private static CurieCommand Monomial(Session session)
    {
        Option<double[]> powers = Numbers("--powers", "p_i, one for each coordinate, each at least 2.");
        return Case(
            session,
            "monomial",
            "K = ½ Σ|w_i|^p_i. Without localisation Σ 1/p_i at every nβ; what a chain of this step size has is computed beside it.",
            "curie validate monomial --powers 4,2",
            [powers],
            (parsed, settings) => new MonomialCase(parsed.GetValue(powers), settings)
        );
    }

    private static CurieCommand Crossing(Session session)
    {
        Option<double[]> powers = Numbers("--powers", "p,q: whole numbers of at least 1.");
        Option<double> scale = Number("--scale", "A, the factor on the crossing.");
        return Case(
            session,
            "crossing",
            "K = A·x^2p·y^2q held by localisation. Exact by Bessel functions (1,1) or quadrature, with the step's first-order effect.",
            "curie validate crossing --powers 1,1 --scale 1000 --localization 1",
            [powers, scale],
            (parsed, settings) =>
            {
                (int p, int q) = Powers(parsed);
                return new CrossingCase(parsed.GetValue(scale), p, q, settings);
            },
            (parsed, settings) =>
            {
                (int p, int q) = Powers(parsed);
                return ResponseCases.Crossing(parsed.GetValue(scale), p, q, settings);
            }
        );

        (int P, int Q) Powers(ParseResult parsed) =>
            parsed.GetValue(powers) is [var p, var q]
                ? (Whole(p, "--powers"), Whole(q, "--powers"))
                : throw new InputException(
                    $"a crossing has two powers, and --powers gives {parsed.GetValue(powers)!.Length}: write them as 1,1."
                );
    }

    private static CurieCommand Box(Session session)
    {
        Option<double> p = Number("--p", "p, a whole number of at least 1.");
        Option<double> q = Number("--q", "q, a whole number of at least 1.");
        Option<double> scale = Number("--scale", "A, the factor on the crossing.");
        return Case(
            session,
            "box",
            "K = A·x^2p·y^2q with the uniform prior on [-1, 1]², between reflecting walls. Exact by quadrature.",
            "curie validate box --p 1 --q 1 --scale 1000",
            [p, q, scale],
            (parsed, settings) =>
                new BoxCase(parsed.GetValue(scale), Whole(parsed.GetValue(p), "--p"), Whole(parsed.GetValue(q), "--q"), settings)
        );
    }

    private static CurieCommand Anharmonic(Session session)
    {
        Option<double> lambda = Number("--lambda", "λ, the curvature.");
        Option<double> alpha = Number("--alpha", "α, the third derivative.");
        Option<double> kappa = Number("--kappa", "κ, the fourth derivative.");
        Option<double> t = Number("--t", "t, the inverse temperature.");
        return Case(
            session,
            "anharmonic",
            "t²Cov(x², x) in the well λx²/2 + αx³/6 + κx⁴/24. Exact by quadrature, for the posterior and for the chain's step.",
            "curie validate anharmonic --lambda 1 --alpha 0.5 --kappa 1 --t 100",
            [lambda, alpha, kappa, t],
            (parsed, settings) =>
                new AnharmonicCase(parsed.GetValue(lambda), parsed.GetValue(alpha), parsed.GetValue(kappa), parsed.GetValue(t), settings),
            (parsed, settings) =>
                ResponseCases.Anharmonic(
                    parsed.GetValue(lambda),
                    parsed.GetValue(alpha),
                    parsed.GetValue(kappa),
                    parsed.GetValue(t),
                    settings
                )
        );
    }

    private static CurieCommand Influence(Session session)
    {
        Option<double> variance = Number("--variance", "S, the variance of the sampled weight.");
        Option<double[]> h = Numbers("--h", "h_i, the curvature of every loss.");
        Option<double[]> a = Numbers("--a", "a_i, where every loss is lowest.");
        return Case(
            session,
            "influence",
            "Covariances of the losses ½h_i(w − a_i)² under w ~ N(0, S). Exact: ½h_i·h_j·S² + h_i·a_i·h_j·a_j·S.",
            "curie validate influence --variance 0.01 --h 1,2,0.5 --a 0,0.3,-0.2",
            [variance, h, a],
            (parsed, settings) => new InfluenceCase(parsed.GetValue(variance), parsed.GetValue(h), parsed.GetValue(a), settings)
        );
    }

    private static CurieCommand ReducedRank(Session session)
    {
        Option<double> input = Number("--input", "M, the length of the input.");
        Option<double> hidden = Number("--hidden", "H, the number of hidden units.");
        Option<double> output = Number("--output", "N, the length of the output.");
        Option<double> rank = Number("--rank", "r, the rank of the true map.");
        return Case(
            session,
            "rrr",
            "Reduced-rank regression on its population loss. Exact: the learning coefficient, which holds as nβ → ∞; expected: an exact "
                + "sampler at this nβ.",
            "curie validate rrr --input 5 --hidden 3 --output 5 --rank 1",
            [input, hidden, output, rank],
            (parsed, settings) =>
                new LinearNetworkCase(
                    [
                        Whole(parsed.GetValue(input), "--input"),
                        Whole(parsed.GetValue(hidden), "--hidden"),
                        Whole(parsed.GetValue(output), "--output"),
                    ],
                    Whole(parsed.GetValue(rank), "--rank"),
                    settings
                )
        );
    }

    private static CurieCommand DeepLinear(Session session)
    {
        Option<double[]> widths = Numbers("--widths", "The widths of all layers, from input to output.");
        Option<double> rank = Number("--rank", "r, the rank of the true map.");
        return Case(
            session,
            "dln",
            "A deep linear network on its population loss. Exact: the learning coefficient, which holds as nβ → ∞; expected: an exact "
                + "sampler at this nβ.",
            "curie validate dln --widths 4,4,4,4 --rank 0",
            [widths, rank],
            (parsed, settings) =>
                new LinearNetworkCase(
                    [.. parsed.GetValue(widths)!.Select(width => Whole(width, "--widths"))],
                    Whole(parsed.GetValue(rank), "--rank"),
                    settings
                )
        );
    }

    private static CurieCommand Response(Session session)
    {
        Option<double[]> h = Numbers("--h", "The Hessian H of the loss, row by row; a single number for one dimension.");
        Option<double[]> slope = Numbers("--slope", "b of the observable P = bᵀw + ½wᵀBw; 0 by default.", required: false);
        Option<double[]> curvature = Numbers("--curvature", "B of the observable, row by row; 0 by default.", required: false);
        Option<double[]> dataSlope = Numbers("--data-slope", "c of the data e = cᵀw + ½wᵀDw; 0 by default.", required: false);
        Option<double[]> dataCurvature = Numbers("--data-curvature", "D of the data, row by row; 0 by default.", required: false);
        Option<double[]> moving = Numbers("--moving", "The weights that move, from 0; all by default.", required: false);
        Option<double?> gradientNoise = SamplingOverrides.Number(
            "--gradient-noise",
            "The variance of noise on each element of the loss's gradient; 0 by default.",
            value => value >= 0,
            "of at least 0"
        );
        Option<double?> observableNoise = SamplingOverrides.Number(
            "--observable-noise",
            "The variance of noise on each element of the observable's gradient; 0 by default.",
            value => value >= 0,
            "of at least 0"
        );
        Option<double?> noiseLevel = SamplingOverrides.Number(
            "--noise-level",
            "σ, the factor on the noise of an update; 1 by default.",
            value => value > 0,
            "above 0"
        );
        Option<bool> unpaired = Unpaired();
        return Case(
            session,
            "response",
            "−Cov(P, e) on K = ½wᵀHw as the response of coupled chains, of e to P and of P to e, and as the product of fluctuations. "
                + "Exact for the chains at any step.",
            "curie validate response --h 2,1,1,2 --curvature 2,1,1,2 --data-curvature 0.4,0.1,0.1,-0.3 --moving 0",
            [h, slope, curvature, dataSlope, dataCurvature, moving, gradientNoise, observableNoise, noiseLevel, unpaired],
            (parsed, settings) =>
                ResponseCases.Quadratic(
                    new QuadraticResponse
                    {
                        Hessian = parsed.GetValue(h)!,
                        Slope = parsed.GetValue(slope) ?? [],
                        Curvature = parsed.GetValue(curvature) ?? [],
                        DataSlope = parsed.GetValue(dataSlope) ?? [],
                        DataCurvature = parsed.GetValue(dataCurvature) ?? [],
                        Moving = [.. (parsed.GetValue(moving) ?? []).Select(weight => Whole(weight, "--moving"))],
                        GradientNoise = parsed.GetValue(gradientNoise) ?? 0,
                        ObservableNoise = parsed.GetValue(observableNoise) ?? 0,
                        NoiseLevel = parsed.GetValue(noiseLevel) ?? 1,
                    },
                    settings with
                    {
                        Antithetic = !parsed.GetValue(unpaired),
                    }
                )
        );
    }

    /// <summary>A case whose covariance can also be measured as a response.</summary>
    private static CurieCommand Case(
        Session session,
        string name,
        string description,
        string example,
        IReadOnlyList<Option> options,
        Func<ParseResult, ValidationSettings, IValidationCase> create,
        Func<ParseResult, ValidationSettings, IValidationCase> createResponse
    )
    {
        Option<bool> response = new("--response")
        {
            Description = "Measure a covariance on this surface as the response of coupled chains, beside the product of fluctuations.",
        };
        Option<bool> unpaired = Unpaired();
        return Case(session, name, description, example, [.. options, response, unpaired], (parsed, settings) =>
            (parsed.GetValue(response), parsed.GetValue(unpaired)) switch
            {
                (true, var single) => createResponse(parsed, settings with { Antithetic = !single }),
                (false, true) => throw new InputException(
                    "--unpaired leaves the chains of a response single, and without --response none is measured: give both, or leave it "
                        + "out."
                ),
                _ => create(parsed, settings),
            }
        );
    }

    private static CurieCommand Case(
        Session session,
        string name,
        string description,
        string example,
        IReadOnlyList<Option> options,
        Func<ParseResult, ValidationSettings, IValidationCase> create
    )
    {
        ValidateSettings settings = new();
        CurieCommand command = new(session, name, description, example);
        foreach (Option option in options.Concat(settings.Options))
        {
            command.Add(option);
        }

        command.Runs(parsed => ValidateCommand.RunOne(session, create(parsed, settings.Read(parsed))));
        return command;
    }

    private static Option<bool> Unpaired() => new("--unpaired") { Description = "Do not pair the chains of a response antithetically." };

    private static Option<double> Number(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            Required = true,
            CustomParser = result => Parse(result, result.Tokens[0].Value),
        };

    private static Option<double[]> Numbers(string name, string description, bool required = true) =>
        new(name)
        {
            Description = description,
            HelpName = "X,X,…",
            Required = required,
            CustomParser = result => [.. result.Tokens[0].Value.Split(',').Select(text => Parse(result, text))],
        };

    private static double Parse(ArgumentResult result, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
        {
            return value;
        }

        result.AddError(
            $"{((OptionResult)result.Parent!).Option.Name} is '{result.Tokens[0].Value}'; give a number, or several with commas between "
                + "where several are asked for."
        );
        return 0;
    }

    private static int Whole(double value, string option) =>
        value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option} has the value {value}: give whole numbers."));
}
