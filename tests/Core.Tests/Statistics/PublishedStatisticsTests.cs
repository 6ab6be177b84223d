using System.Text.Json;
using Personalization.Core.Statistics;

namespace Personalization.Core.Tests.Statistics;

/// <summary>Every published case of the reference vectors, group by group, at its own tolerance.</summary>
public sealed class PublishedStatisticsTests
{
    [SharedFact(PublishedCases.File)]
    public void Welch_tests_are_those_of_gbstats() => PublishedCases.Check("frequentist_t_tests", 6, (inputs, test) =>
        PublishedCases.Figures(WelchTest.Test(PublishedCases.Contrast(inputs), inputs.Number("alpha"), Alternative(test))));

    [SharedFact(PublishedCases.File)]
    public void Regression_adjustment_is_that_of_gbstats() => PublishedCases.Check("cuped", 4, (inputs, _) =>
        PublishedCases.Figures(WelchTest.Test(PublishedCases.Contrast(inputs), inputs.Number("alpha"))));

    [SharedFact(PublishedCases.File)]
    public void Confidence_sequences_are_those_of_gbstats() => PublishedCases.Check("sequential_confidence_sequences", 6, (inputs, test) =>
    {
        var figures = PublishedCases.Figures(ConfidenceSequence.Test(
            PublishedCases.Contrast(inputs), inputs.Number("alpha"), inputs.Number("tuning_parameter"), Alternative(test)));
        if (test == "asymptotic_cs_greater")
        {
            // gbstats stops halving (1e-5, 0.4999) after twelve steps: 3795/4096 of the way, where the root is 3794.03. Ours is the root.
            var published = 1e-5 + (3795 / 4096.0 * (0.4999 - 1e-5));
            Assert.InRange(figures["p_value"][0], published - (0.4999 / 4096), published + (0.4999 / 4096));
            figures["p_value"] = [published];
        }

        return figures;
    });

    [SharedFact(PublishedCases.File)]
    public void Bayesian_effects_are_those_of_gbstats() => PublishedCases.Check("bayesian_effect", 10, (inputs, test) =>
    {
        if (test == "bayes_risk")
        {
            var (control, treatment) = BayesianEffect.Risks(inputs.Number("mu"), inputs.Number("sigma"));
            return Risks(control, treatment);
        }

        var effect = BayesianEffect.Of(
            PublishedCases.Contrast(inputs),
            Prior(inputs),
            inputs.Number("alpha"),
            inputs.GetProperty("inverse").GetBoolean());
        return new Dictionary<string, double[]>(Risks(effect.RiskOfControl, effect.RiskOfTreatment))
        {
            ["expected"] = [effect.Mean],
            ["ci"] = [effect.Lower, effect.Upper],
            ["posterior_sd"] = [effect.Deviation],
            ["chance_to_win"] = [effect.ChanceToWin],
        };
    });

    [SharedFact(PublishedCases.File)]
    public void Sample_ratio_tests_are_those_of_growthbook_and_scipy() => PublishedCases.Check("srm", 14, (inputs, _) => One(
        "p_value", SampleRatio.PValue(inputs.Numbers("users"), inputs.Numbers("weights"))));

    [SharedFact(PublishedCases.File)]
    public void Corrected_p_values_are_those_of_statsmodels() => PublishedCases.Check("multiple_testing", 19, (inputs, test) =>
    {
        if (test == "ci_from_adjusted_p")
        {
            var (lower, upper) = MultipleTesting.Interval(inputs.Number("lift"), inputs.Number("adjusted_p"), inputs.Number("alpha"));
            return Many("ci", lower, upper);
        }

        return Many("adjusted_in_input_order", MultipleTesting.Adjust(inputs.Numbers("p"), test switch
        {
            "bonferroni" => Correction.Bonferroni,
            "sidak" => Correction.Sidak,
            "holm" => Correction.Holm,
            "holm-sidak" => Correction.HolmSidak,
            "simes-hochberg" => Correction.Hochberg,
            "hommel" => Correction.Hommel,
            "fdr_by" => Correction.BenjaminiYekutieli,
            _ => Correction.BenjaminiHochberg,
        }));
    });

    [SharedFact(PublishedCases.File)]
    public void Proportions_are_those_of_spotify() => PublishedCases.Check("proportions_chi2_betabinomial", 3, (inputs, test) =>
    {
        var (control, treatment) = (inputs.GetProperty("control"), inputs.GetProperty("treatment"));
        if (test == "chi2_two_proportions")
        {
            return PublishedCases.Figures(Proportions.ChiSquared(
                control.Number("n"), control.Number("x"), treatment.Number("n"), treatment.Number("x"), inputs.Number("alpha")));
        }

        var effect = BetaBinomial.Difference(
            control.Number("n"), control.Number("x"), treatment.Number("n"), treatment.Number("x"), 1 - inputs.Number("interval"));
        return new Dictionary<string, double[]>
        {
            ["difference"] = [effect.Mean],
            ["ci"] = [effect.Lower, effect.Upper],
            ["p_treatment_better"] = [effect.ChanceToWin],
            ["potential_loss_control"] = [-effect.RiskOfControl],
            ["potential_loss_treatment"] = [-effect.RiskOfTreatment],
        };
    });

    [SharedFact(PublishedCases.File)]
    public void Uniform_boundaries_are_those_of_confseq() => PublishedCases.Check("always_valid_uniform_boundaries", 6, (inputs, _) =>
    {
        var kind = inputs.GetProperty("kind").GetString();
        if (kind == "poly_stitching")
        {
            return One("bound_v100_alpha05", UniformBoundary.Stitched(
                100, 0.05, inputs.Number("v_min"), inputs.Number("c"), inputs.Number("s"), inputs.Number("eta")));
        }

        var (time, alpha) = (inputs.Number("v_opt"), inputs.Number("alpha_opt"));
        var boundary = kind switch
        {
            "two_sided_normal_mixture" => UniformBoundary.NormalMixture(time, alpha),
            "one_sided_normal_mixture" => UniformBoundary.OneSidedNormalMixture(time, alpha),
            "gamma_poisson_mixture" => UniformBoundary.GammaPoisson(time, alpha, inputs.Number("c")),
            _ => UniformBoundary.BetaBinomial(time, alpha, inputs.Number("g"), inputs.Number("h")),
        };
        return new Dictionary<string, double[]>
        {
            ["log_supermartingale_s10_v100"] = [boundary.LogEvidence(10, 100)],
            ["bound_v100_log20"] = [boundary.Bound(100, Math.Log(20))],
        };
    });

    [SharedFact(PublishedCases.File)]
    public void Probabilities_to_be_best_are_those_of_quadrature_and_their_floors_those_of_growthbook() =>
        PublishedCases.Check("bandit_probability_best", 7, (inputs, _) =>
        {
            var best = BestArm.Probabilities(inputs.Numbers("means"), inputs.Numbers("sds"), inputs.GetProperty("lower_is_better").GetBoolean());
            return new Dictionary<string, double[]>
            {
                ["prob_best"] = best,
                ["weights_with_additive_floor_0_01"] = BestArm.WithFloor(best, 0.01),
            };
        });

    [SharedFact(PublishedCases.File)]
    public void Constants_of_confidence_sequences_are_those_of_gbstats() => PublishedCases.Check("sequential_constants", 8, (inputs, _) =>
    {
        var (alpha, tuning) = (inputs.Number("alpha"), inputs.Number("tuning_parameter"));
        return new Dictionary<string, double[]>
        {
            ["rho_two_sided"] = [ConfidenceSequence.Rho(alpha, tuning)],
            ["rho_one_sided"] = [ConfidenceSequence.Rho(2 * alpha, tuning)],
        };
    });

    [SharedFact(PublishedCases.File)]
    public void Group_sequential_bounds_are_those_of_spotify() => PublishedCases.Check("group_sequential", 7, (inputs, test) => test switch
    {
        "group_sequential_ci" => Interval(inputs),
        "group_sequential_ci_bonferroni" => ThreeGroups(inputs),
        _ when inputs.TryGetProperty("information", out _) => Many("z_bounds", GroupSequential.Bounds(
            inputs.Numbers("information"), inputs.Number("alpha"), inputs.Number("sides") == 2)),
        _ => Many("adjusted_alpha", [.. GroupSequential.Bounds(Information(inputs), inputs.Number("alpha"))
            .Select(bound => 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -bound))]),
    });

    private static Alternative Alternative(string test) =>
        test.EndsWith("greater", StringComparison.Ordinal) ? Core.Statistics.Alternative.Greater
        : test.EndsWith("less", StringComparison.Ordinal) ? Core.Statistics.Alternative.Less
        : Core.Statistics.Alternative.TwoSided;

    private static EffectPrior Prior(JsonElement inputs)
    {
        var prior = inputs.GetProperty("prior");
        if (!prior.GetProperty("proper").GetBoolean())
        {
            return EffectPrior.Flat;
        }

        var relative = new EffectPrior(prior.Number("mean"), prior.Number("variance"));
        return inputs.GetProperty("difference").GetString() == "relative" ? relative : relative.Of(PublishedCases.Arms(inputs).Control);
    }

    private static double[] Information(JsonElement inputs)
    {
        var counts = inputs.Numbers("n1").Zip(inputs.Numbers("n2"), (a, b) => a + b).ToArray();
        return [.. counts.Select(count => count / Math.Max(counts[^1], inputs.Number("expected_final")))];
    }

    private static Dictionary<string, double[]> Interval(JsonElement inputs)
    {
        var (control, treatment) = (inputs.GetProperty("control"), inputs.GetProperty("treatment"));
        var contrast = Contrast.Of(
            MetricArm.OfMean(PublishedCases.Moments(control)), MetricArm.OfMean(PublishedCases.Moments(treatment)), Difference.Absolute);
        var share = contrast.Count / inputs.Number("final_expected_n");
        var effect = GroupSequential.Test(contrast, [share], 1 - inputs.Number("interval"));

        // The published difference is rounded to its third digit.
        return new Dictionary<string, double[]> { ["difference"] = [effect.Estimate], ["ci"] = [effect.Lower, effect.Upper] };
    }

    private static Dictionary<string, double[]> ThreeGroups(JsonElement inputs)
    {
        var looks = inputs.GetProperty("looks").EnumerateArray().ToArray();
        var effects =
            from name in new[] { "g2", "g3" }
            from look in Enumerable.Range(0, looks.Length)
            let contrast = Contrast.Of(Arm(looks[look].GetProperty("g1")), Arm(looks[look].GetProperty(name)), Difference.Absolute)
            select GroupSequential.Test(contrast, Shares(name)[..(look + 1)], (1 - inputs.Number("interval")) / 2);
        var all = effects.ToArray();
        return new Dictionary<string, double[]> { ["lower"] = [.. all.Select(e => e.Lower)], ["upper"] = [.. all.Select(e => e.Upper)] };

        double[] Shares(string name)
        {
            var counts = looks.Select(look => look.GetProperty("g1")[0].GetDouble() + look.GetProperty(name)[0].GetDouble()).ToArray();
            return [.. counts.Select(count => count / Math.Max(counts[^1], inputs.Number("final_expected_n")))];
        }

        static MetricArm Arm(JsonElement sums) => MetricArm.OfMean(new Moments(sums[0].GetDouble(), sums[1].GetDouble(), sums[2].GetDouble()));
    }

    private static Dictionary<string, double[]> One(string name, double number) => new() { [name] = [number] };

    private static Dictionary<string, double[]> Many(string name, params double[] numbers) => new() { [name] = numbers };

    private static Dictionary<string, double[]> Risks(double control, double treatment) =>
        new() { ["risk_control"] = [control], ["risk_treatment"] = [treatment] };
}
