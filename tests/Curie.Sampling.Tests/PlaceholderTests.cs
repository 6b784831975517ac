namespace Curie.Sampling.Tests;
