"""What machine code of this folder does that Python has no word for: numbers behind addresses, and turns of threads.

Numba keeps machine code beside the file it stands in, with these parts in it: who changes them changes `loops` as well.
"""

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic


def _reader(kind: Any, bits: int) -> Any:
    """Reads the `index`-th number behind an address that need not be aligned."""

    def read(typing: Any, address: Any, index: Any) -> Any:
        del typing, address, index

        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            del context, signature
            start = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            return builder.load(builder.gep(start, [arguments[1]]), align=1)

        return kind(types.int64, types.int64), build

    return intrinsic(read)


word_at: Any = _reader(types.uint64, 64)
number_at: Any = _reader(types.int64, 64)
half_at: Any = _reader(types.uint32, 32)
short_at: Any = _reader(types.uint16, 16)
byte_at: Any = _reader(types.uint8, 8)


def _count_ones(typing: Any, word: Any) -> Any:
    del typing, word
    return types.uint64(types.uint64), lambda _context, builder, _signature, arguments: builder.ctpop(arguments[0])


ones: Any = intrinsic(_count_ones)
"""How many bits of a word are set."""


def _ask_for(typing: Any, address: Any) -> Any:
    del typing, address

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del signature
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        name = "llvm.prefetch.p0"
        prefetch = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        builder.call(prefetch, [builder.inttoptr(arguments[0], pointer), *(number(n) for n in (0, 2, 1))])
        return context.get_dummy_value()

    return types.void(types.int64), build


def _take_turn(typing: Any, address: Any) -> Any:
    del typing, address

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        turn = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("add", turn, ir.IntType(64)(1), "monotonic")

    return types.int64(types.int64), build


next_turn: Any = intrinsic(_take_turn)
"""The number at an address, which is one more from then on, for all threads."""
fetch: Any = intrinsic(_ask_for)
"""Have the processor bring the 64 bytes at an address into its second cache meanwhile."""
