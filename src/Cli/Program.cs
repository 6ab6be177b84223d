Console.WriteLine("placeholder until the commands land");
