Console.WriteLine("placeholder until the host lands");
