namespace Personalization.Cli.Simulate;

/// <summary>One visit: home, then a search or a category, products that lead on to others, perhaps a cart and a purchase.</summary>
/// <remarks>The visitor knows what to look at next whatever a page shows; a page that shows just that is used to get there.</remarks>
internal sealed class ShoppingSession(ShopCatalog shop, Visitor visitor, Random random)
{
    private const double ClicksWhatIsWanted = 0.7;
    private const double ClicksOutOfCuriosity = 0.03;
    private const double LeavesHome = 0.15;
    private const double LeavesProduct = 0.2;
    private const double BuysCart = 0.45;
    private readonly List<Product> _cart = [];
    private readonly List<(Offer Offer, Product? Product)> _clicked = [];

    /// <summary>Gets the page that comes next; null after the last.</summary>
    public Page? Page { get; private set; } = new(PageKind.Home);

    /// <summary>Gives what happens when the page is opened, before anything on it could be chosen.</summary>
    public IReadOnlyList<Draft> Arrive() => Page!.Kind switch
    {
        PageKind.Home or PageKind.Category => [Draft.PageView(Page)],
        PageKind.Search => [Draft.Search(Page)],
        PageKind.Product => [Draft.View(Page.Subject!)],
        _ => [.. _cart.Select(Draft.Purchase)],
    };

    /// <summary>Reacts to the page with what is offered on it, and moves on to the next.</summary>
    /// <returns>What the visitor did there, in that order.</returns>
    public IReadOnlyList<Draft> Act(IReadOnlyList<Offer> offers)
    {
        var page = Page!;
        var done = new List<Draft>();
        switch (page.Kind)
        {
            case PageKind.Home:
                Page = random.Chance(LeavesHome) ? null : Browse();
                break;
            case PageKind.Search or PageKind.Category:
                Page = new(PageKind.Product, page.Subject);
                break;
            case PageKind.Product:
                LookAt(page.Subject!, done);
                break;
            default:
                Reward(done);
                Page = null;
                break;
        }

        foreach (var offer in offers)
        {
            React(offer, done);
        }

        return done;
    }

    private Page Browse()
    {
        var subject = shop.DrawPopular(visitor.Categories.Draw(random), random);
        return new(random.Chance(0.4) ? PageKind.Search : PageKind.Category, subject);
    }

    private void LookAt(Product product, List<Draft> done)
    {
        if (!_cart.Contains(product) && random.Chance(visitor.Wants(product)))
        {
            done.Add(Draft.AddToCart(product));
            _cart.Add(product);
        }

        if (!random.Chance(LeavesProduct))
        {
            Page = random.NextDouble() switch
            {
                < 0.7 => new(PageKind.Product, shop.DrawFollower(product, random)),
                < 0.8 => new(PageKind.Product, shop.DrawPopular(random)),
                _ => Browse(),
            };
        }
        else
        {
            Page = _cart.Count > 0 && random.Chance(BuysCart) ? new(PageKind.Checkout) : null;
        }
    }

    private void React(Offer offer, List<Draft> done)
    {
        done.Add(Draft.Impression(offer));
        var wanted = Page is { Kind: PageKind.Product or PageKind.Category or PageKind.Search } ? Page.Subject : null;
        if (offer.Items.Count == 0)
        {
            if (random.Chance(Appeal(offer.Experience)))
            {
                Click(offer, null, done);
            }
        }
        else if (wanted is not null && offer.Items.Contains(wanted.Item.Id))
        {
            if (random.Chance(ClicksWhatIsWanted))
            {
                Click(offer, wanted, done);
            }
        }
        else if (random.Chance(ClicksOutOfCuriosity) && shop.Find(offer.Items[random.Next(offer.Items.Count)]) is { } seen)
        {
            Click(offer, seen, done);
        }
    }

    private void Click(Offer offer, Product? product, List<Draft> done)
    {
        done.Add(Draft.Click(offer, product));
        _clicked.Add((offer, product));
        if (product is not null)
        {
            Page = new(PageKind.Product, product);
        }
    }

    // What is bought through a list earns for that list; what is bought after a banner was clicked earns for the banner.
    private void Reward(List<Draft> done)
    {
        foreach (var (offer, product) in _clicked)
        {
            var value = _cart.Where(bought => product is null || bought == product).Sum(bought => bought.Price);
            if (value > 0)
            {
                done.Add(Draft.Reward(offer, value));
            }
        }
    }

    // Experiences differ, the same in every run, so that experiments and bandits have something to find: 2 % to 10 % click.
    private static double Appeal(string experience) =>
        0.02 + (0.08 * (experience.Aggregate(17u, (hash, letter) => (hash * 31) + letter) % 100 / 100.0));
}
