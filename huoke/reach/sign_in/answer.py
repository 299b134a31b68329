"""Answering with the code and the second factor."""

import hmac

from huoke.govern import privacy
from huoke.govern.identity import tokens
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach.sign_in import store
from huoke.reach.sign_in.model import TRIES_MAX, CodeOver, CodeWrong


async def answer(tx: Tx, token: str, code: str, factor: str) -> Seq | CodeWrong | CodeOver:
    """Who it is: code and factor (last four of the id document, or the customer number) must both be right.

    Commit in any case: a wrong try counts, and the fifth ends the code. A number nobody has answers as a wrong code.
    """
    challenge = await store.lock(tx, tokens.digest(token)) if tokens.tenant_of(token) == tx.tenant else None
    if challenge is None or challenge.tries >= TRIES_MAX:
        return CodeOver("This code has run out; ask for another.")
    keys = await privacy.keys(tx)
    right = hmac.compare_digest(keys.mac("sign_in.code", token + code.strip()), challenge.code_hash)
    seq = await customers.proven(tx, challenge.seqs, factor)
    if not right or seq is None:
        await store.count_try(tx, challenge.id)
        left = TRIES_MAX - challenge.tries - 1
        if not left:
            return CodeOver("This code was tried too often; ask for another.")
        return CodeWrong("Code or proof is wrong.", left=left)
    await store.use(tx, challenge.id)
    return seq
