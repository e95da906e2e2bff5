"""`make faults`: the whole house is asked by `vigie check`; the matrix is printed; 1 unless everything was right."""

import asyncio
import sys

from tests.faults import matrix, ours


def main() -> int:
    """Ask and print."""
    outcome = asyncio.run(matrix.run())
    print("\n".join(matrix.lines(outcome)), end="\n\n", flush=True)  # noqa: T201 - what this is for
    told = asyncio.run(ours.suffer_all())
    print("\n".join(ours.lines(told)))  # noqa: T201
    return 0 if outcome.fine and all(one.fine for one in told) else 1


if __name__ == "__main__":
    sys.exit(main())
