// Two cores run these tests, each with silos, brokers and clients of its own; side by side they would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
