Console.WriteLine("curie");
