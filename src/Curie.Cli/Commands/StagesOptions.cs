using System.CommandLine;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Development.Clustering;
using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Numerics;
using Curie.Studies.Development;

namespace Curie.Cli.Commands;

/// <summary>The options of <c>curie stages</c> that say how curves are smoothed, divided and clustered.</summary>
internal sealed class StagesOptions
{
    private const string Auto = "auto";

    private readonly Option<double?> _plateauSlope = new("--plateau-slope")
    {
        Description = "The greatest slope, per log step, that counts as a plateau; half of the curve's steepest by default.",
        HelpName = "SLOPE",
    };

    private readonly Option<int> _posteriorDraws = new("--posterior-draws")
    {
        Description = "Posterior draws from which intervals are taken.",
        HelpName = "N",
        DefaultValueFactory = _ => new StageOptions().Draws,
    };

    private readonly Option<string> _clusters = new("--clusters")
    {
        Description = "The number of clusters of heads' curves, or auto: that with the highest mean silhouette.",
        HelpName = "N",
        DefaultValueFactory = _ => Auto,
    };

    private readonly Option<string> _method = OneOf(
        "--cluster-method",
        "How heads' curves are clustered",
        ClusteringWords.Methods.Keys,
        "kmeans"
    );
    private readonly Option<string> _normalize = OneOf(
        "--normalize",
        "What is done to curves before they are compared",
        ClusteringWords.Normalizations.Keys,
        "standardise"
    );
    private readonly Option<bool> _byLayer = new("--by-layer") { Description = "Cluster the heads of every layer by themselves." };
    private readonly Option<double?> _smoothing = new("--trajectory-width")
    {
        Description =
            "The smoothing of the trajectory at the last checkpoint, in checkpoints; it starts at 1. A fiftieth of the checkpoints by "
            + "default.",
        HelpName = "WIDTH",
    };

    private readonly Option<long> _seed = SharedOptions.Seed();

    /// <summary>The seed.</summary>
    public long Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Whether the heads of every layer are clustered by themselves.</summary>
    public bool ByLayer(ParseResult parsed) => parsed.GetValue(_byLayer);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_plateauSlope, _posteriorDraws, _clusters, _method, _normalize, _byLayer, _smoothing, _seed])
        {
            command.Add(option);
        }
    }

    /// <summary>How stages are found.</summary>
    /// <exception cref="InputException">A number is out of range.</exception>
    public StageOptions Stages(ParseResult parsed)
    {
        StageOptions options = new()
        {
            PlateauSlope = parsed.GetValue(_plateauSlope),
            Draws = parsed.GetValue(_posteriorDraws),
            Seed = Seed(parsed),
        };
        return options.Draws < 100
                ? throw new InputException("--posterior-draws must be 100 or more, so that the ends of intervals can be told.")
            : options.PlateauSlope < 0 ? throw new InputException("--plateau-slope must be 0 or more.")
            : options;
    }

    /// <summary>How curves are clustered.</summary>
    /// <exception cref="InputException">The number of clusters is none.</exception>
    public CurveClusteringOptions Clustering(ParseResult parsed)
    {
        string clusters = parsed.GetRequiredValue(_clusters);
        int number = 0;
        if (clusters != Auto && !(int.TryParse(clusters, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1))
        {
            throw new InputException($"--clusters is '{clusters}'; give a number from 1 up, or auto.");
        }

        return new CurveClusteringOptions
        {
            Method = ClusteringWords.Methods[parsed.GetRequiredValue(_method)],
            Normalization = ClusteringWords.Normalizations[parsed.GetRequiredValue(_normalize)],
            Clusters = clusters == Auto ? null : number,
            Seed = Seed(parsed),
        };
    }

    /// <summary>How the trajectory is smoothed.</summary>
    /// <exception cref="InputException">The width is negative.</exception>
    public EssentialDynamicsOptions Dynamics(ParseResult parsed) =>
        parsed.GetValue(_smoothing) is < 0
            ? throw new InputException("--trajectory-width must be 0 or more.")
            : new EssentialDynamicsOptions { LastWidth = parsed.GetValue(_smoothing) };

    private static Option<string> OneOf(string name, string description, IEnumerable<string> values, string standard)
    {
        Option<string> option = new(name)
        {
            Description = $"{description}: {string.Join(", ", values)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => standard,
        };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }
}
