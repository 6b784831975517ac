namespace Curie.Text.Tests;
