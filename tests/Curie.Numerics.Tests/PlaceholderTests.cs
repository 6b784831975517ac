namespace Curie.Numerics.Tests;
