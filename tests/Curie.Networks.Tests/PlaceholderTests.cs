namespace Curie.Networks.Tests;
