namespace Curie.Cli.Tests;
