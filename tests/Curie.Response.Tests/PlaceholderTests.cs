namespace Curie.Response.Tests;
