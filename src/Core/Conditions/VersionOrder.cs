namespace Personalization.Core.Conditions;

/// <summary>Orders version texts such as <c>v1.2.3-rc.1+build5</c> as GrowthBook does, without allocating.</summary>
/// <remarks>
/// Source: <c>paddedVersionString</c> of the GrowthBook SDK specification. A leading <c>v</c> and everything from <c>+</c> on
/// are dropped; the rest is split at dots and hyphens; exactly three parts get a fourth, <c>~</c>, so that a release sorts
/// after its pre-releases; a part of digits is padded on the left with spaces to five; parts are joined by hyphens and compared
/// by code units.
/// </remarks>
internal static class VersionOrder
{
    /// <summary>Compares two versions; an empty text stands for <c>0</c>.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var x = new Padded(left);
        var y = new Padded(right);
        while (true)
        {
            var (a, b) = (x.Next(), y.Next());
            if (a != b || a == Padded.End)
            {
                return a.CompareTo(b);
            }
        }
    }

    /// <summary>Gives the padded text one character at a time.</summary>
    private ref struct Padded
    {
        public const int End = -1;
        private const int Width = 5;

        private readonly bool _isRelease;
        private ReadOnlySpan<char> _rest;
        private ReadOnlySpan<char> _part;
        private int _padding;
        private State _state;

        public Padded(ReadOnlySpan<char> version)
        {
            if (version.IsEmpty)
            {
                version = "0";
            }

            var build = version.IndexOf('+');
            _rest = build < 0 ? version : version[..build];
            if (_rest is ['v', ..])
            {
                _rest = _rest[1..];
            }

            _isRelease = _rest.Count('.') + _rest.Count('-') == 2;
            TakePart();
        }

        private enum State : byte
        {
            InPart,
            InLastPart,
            Tilde,
            Finished,
        }

        public int Next()
        {
            if (_padding > 0)
            {
                _padding--;
                return ' ';
            }

            if (!_part.IsEmpty)
            {
                var next = _part[0];
                _part = _part[1..];
                return next;
            }

            switch (_state)
            {
                case State.InPart:
                    TakePart();
                    return '-';
                case State.InLastPart when _isRelease:
                    _state = State.Tilde;
                    return '-';
                case State.Tilde:
                    _state = State.Finished;
                    return '~';
                default:
                    return End;
            }
        }

        private void TakePart()
        {
            var separator = _rest.IndexOfAny('.', '-');
            _part = separator < 0 ? _rest : _rest[..separator];
            _rest = separator < 0 ? default : _rest[(separator + 1)..];
            _state = separator < 0 ? State.InLastPart : State.InPart;
            _padding = IsNumber(_part) ? Math.Max(0, Width - _part.Length) : 0;
        }

        private static bool IsNumber(ReadOnlySpan<char> part)
        {
            foreach (var character in part)
            {
                if (!char.IsAsciiDigit(character))
                {
                    return false;
                }
            }

            return !part.IsEmpty;
        }
    }
}
