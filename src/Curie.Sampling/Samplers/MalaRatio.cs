namespace Curie.Sampling.Samplers;

/// <summary>
/// The Metropolis–Hastings ratio of a Langevin step from p to c, for the target e^{−U} and F = ∇U:
/// log r = log q(c → p) − log q(p → c) + U_p − U_c, log q(x → y) = −‖y − x + (ε/2)F_x‖²/(2ε) (Roberts and Tweedie 1996). Multiplied out,
/// log r = [U_p − U_c + ½(c − p)·(F_p + F_c)] + (ε/8)(‖F_p‖² − ‖F_c‖²).
/// </summary>
/// <remarks>
/// The bracket is the error of the trapezoidal rule along the step. It vanishes where U is quadratic, and then the norms alone give log r.
/// </remarks>
public static class MalaRatio
{
    /// <summary>log r, from everything known at both points.</summary>
    /// <param name="potentialBefore">U_p.</param>
    /// <param name="potentialAfter">U_c.</param>
    /// <param name="work">(c − p)·(F_p + F_c).</param>
    /// <param name="squareBefore">‖F_p‖².</param>
    /// <param name="squareAfter">‖F_c‖².</param>
    /// <param name="step">ε.</param>
    public static double Log(
        double potentialBefore,
        double potentialAfter,
        double work,
        double squareBefore,
        double squareAfter,
        double step
    ) => potentialBefore - potentialAfter + (work / 2) + LogOfQuadratic(squareBefore, squareAfter, step);

    /// <summary>
    /// log r as it is where U is quadratic, (ε/8)(‖F_p‖² − ‖F_c‖²): nothing beyond the gradients of two updates in a row, and no loss,
    /// whose
    /// minibatch noise of nβ·s.d.(L_m) nats would drown the rest.
    /// </summary>
    /// <remarks>
    /// With minibatch gradients F = nβ(∇L + ξ) + …, each point has its own ξ. ‖F‖² gains nβ²‖ξ‖² + 2nβ·ξ·F: the means of both points cancel
    /// in the difference, the scatter stays. The rate therefore falls with minibatch noise as with roughness. It is then the rate of
    /// a Metropolis step that takes each minibatch's gradient for the exact one: noise that large also heats the chain.
    /// </remarks>
    public static double LogOfQuadratic(double squareBefore, double squareAfter, double step) => step / 8 * (squareBefore - squareAfter);
}
