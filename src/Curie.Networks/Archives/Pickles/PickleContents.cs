using Curie.Networks.Files;
using Curie.Numerics;

namespace Curie.Networks.Archives.Pickles;

/// <summary>Finds the model in what torch.save wrote: a state dict, a dict around one, or a module with modules in it.</summary>
internal sealed class PickleContents
{
    private const int MostLevels = 100;
    private const int MostWrappers = 4;

    // In the order in which they are looked for.
    private static readonly string[] ModelNames =
    [
        "model",
        "state_dict",
        "model_state_dict",
        "model_state",
        "params",
        "module",
        "net",
        "network",
        "weights",
    ];

    private static readonly string[] ConfigurationNames =
    [
        "model_args",
        "cfg",
        "config",
        "model_config",
        "hyper_parameters",
        "hparams",
        "args",
    ];

    private readonly PickleInput _input;
    private readonly PickleBudget _budget;
    private readonly Dictionary<string, PickleTensor> _tensors = [];
    private readonly List<Lazy<ConfigurationFile>> _configurations = [];
    private readonly HashSet<PickleDictionary> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the model.</summary>
    /// <param name="root">What was saved.</param>
    /// <param name="input">The pickle, for messages.</param>
    /// <param name="budget">What may be copied.</param>
    /// <exception cref="InputException">There is no model in it, or more than one.</exception>
    public PickleContents(object? root, PickleInput input, PickleBudget budget)
    {
        _input = input;
        _budget = budget;
        object? model = FindModel(root, 0);
        if (model is PickleObject module)
        {
            GatherModule(module, string.Empty, 0);
        }
        else if (Attributes(model) is PickleDictionary state)
        {
            foreach ((object? key, object? value) in state.Items)
            {
                if (key is string name && value is PickleTensor tensor)
                {
                    _tensors.Add(name, tensor);
                }
            }
        }

        if (_tensors.Count == 0)
        {
            throw new InputException(
                $"{input.Path} holds no state dict, no dict with one in it and no module with parameters; save the model's state dict."
            );
        }
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, PickleTensor> Tensors => _tensors;

    /// <summary>What was saved with them that may describe the network, the likeliest first; each is made when it is asked for.</summary>
    /// <exception cref="InputException">One contains itself.</exception>
    public IEnumerable<ConfigurationFile> Configurations => _configurations.Select(made => made.Value);

    private object? FindModel(object? value, int level)
    {
        if (value is PickleObject { State: PickleDictionary attributes } && attributes.Find("_modules") is PickleDictionary)
        {
            // A module of its own: what describes it, it carries itself.
            FindConfigurations(attributes);
            return value;
        }

        if (Attributes(value) is not PickleDictionary dictionary || level > MostWrappers)
        {
            return null;
        }

        FindConfigurations(dictionary);
        foreach (string name in ModelNames)
        {
            if (dictionary.Find(name) is PickleDictionary or PickleObject && FindModel(dictionary.Find(name), level + 1) is object found)
            {
                return found;
            }
        }

        // After the names: beside a checkpoint's model stands a tensor or two, such as its best loss.
        if (HoldsTensors(dictionary))
        {
            RefuseLarger(dictionary);
            return value;
        }

        // A name that is not known will do where only one thing can be meant.
        string[] others =
        [
            .. dictionary.Items.Where(item => item.Key is string && IsModel(item.Value)).Select(item => (string)item.Key!).Take(2),
        ];
        return others.Length switch
        {
            0 => null,
            1 => FindModel(dictionary.Find(others[0]), level + 1),
            _ => throw new InputException(
                $"{_input.Path} has several dicts of tensors, {PrintableText.Of(others[0])} and {PrintableText.Of(others[1])} among them; "
                    + "save the one that is the model's state dict."
            ),
        };
    }

    private bool IsModel(object? value) =>
        (value is PickleDictionary dictionary && HoldsTensors(dictionary))
        || (value is PickleObject { State: PickleDictionary attributes } && attributes.Find("_modules") is PickleDictionary);

    // A model under a name that is not known, beside a tensor that is none of its own.
    private void RefuseLarger(PickleDictionary dictionary)
    {
        int own = CountTensors(dictionary);
        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is string name && value is PickleDictionary inner && CountTensors(inner) > own)
            {
                throw new InputException(
                    $"{_input.Path} holds {Counted.Of(own, "tensor")} and beside that, under the key {PrintableText.Of(name)}, a dict of "
                        + $"{CountTensors(inner)}; if that is the model's state dict, save it alone or under the key model."
                );
            }
        }
    }

    private int CountTensors(PickleDictionary dictionary)
    {
        _budget.Spend(1 + dictionary.Items.Count);
        return dictionary.Items.Count(item => item is { Key: string, Value: PickleTensor });
    }

    private bool HoldsTensors(PickleDictionary dictionary)
    {
        _budget.Spend(1 + dictionary.Items.Count);
        return dictionary.Items.Any(item => item is { Key: string, Value: PickleTensor });
    }

    private static PickleDictionary? Attributes(object? value) =>
        value switch
        {
            PickleDictionary dictionary => dictionary,
            PickleObject { Items: PickleDictionary items } => items,
            PickleObject { State: PickleDictionary state } => state,
            _ => null,
        };

    private void FindConfigurations(PickleDictionary dictionary)
    {
        foreach (string name in ConfigurationNames)
        {
            if (Attributes(dictionary.Find(name)) is PickleDictionary { Items.Count: > 0 } found && _seen.Add(found))
            {
                _configurations.Add(
                    new(() => new ConfigurationFile(_input.Path, PickleJson.Write(found, _budget, _input.Path)) { Key = name })
                );
            }
        }
    }

    // As torch.nn.Module.state_dict does: parameters, buffers that are persistent, then the modules within.
    private void GatherModule(PickleObject module, string prefix, int level)
    {
        _budget.Spend(1 + prefix.Length);
        if (level > MostLevels)
        {
            throw _input.Damaged("has modules within modules without an end");
        }

        if (module.State is not PickleDictionary attributes)
        {
            return;
        }

        Gather(attributes.Find("_parameters"), prefix, skipped: null);
        Gather(attributes.Find("_buffers"), prefix, attributes.Find("_non_persistent_buffers_set") as PickleList);
        if (attributes.Find("_modules") is PickleDictionary modules)
        {
            foreach ((object? key, object? value) in modules.Items)
            {
                if (key is string name && value is PickleObject inner)
                {
                    GatherModule(inner, $"{prefix}{name}.", level + 1);
                }
            }
        }
    }

    private void Gather(object? tensors, string prefix, PickleList? skipped)
    {
        if (tensors is not PickleDictionary dictionary)
        {
            return;
        }

        HashSet<string> absent = [.. skipped?.Items.OfType<string>() ?? []];
        _budget.Spend((skipped?.Items.Count ?? 0) + dictionary.Items.Count);
        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is string name && value is PickleTensor tensor && !absent.Contains(name))
            {
                _budget.Spend(prefix.Length + name.Length);
                _tensors.TryAdd(prefix + name, tensor);
            }
        }
    }
}
