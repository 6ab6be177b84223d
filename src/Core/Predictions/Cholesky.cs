namespace Personalization.Core.Predictions;

/// <summary>Solves linear equations with a symmetric, positive definite matrix by Cholesky's decomposition (Golub and Van Loan, Matrix Computations, 4.2).</summary>
internal static class Cholesky
{
    /// <summary>Solves Ax = b. Only the lower triangle of A is read, and it is overwritten.</summary>
    public static double[] Solve(double[][] a, double[] b)
    {
        var size = b.Length;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i][j];
                for (var k = 0; k < j; k++)
                {
                    sum -= a[i][k] * a[j][k];
                }

                a[i][j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / a[j][j];
            }
        }

        var x = (double[])b.Clone();
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= a[i][k] * x[k];
            }

            x[i] /= a[i][i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                x[i] -= a[k][i] * x[k];
            }

            x[i] /= a[i][i];
        }

        return x;
    }
}
