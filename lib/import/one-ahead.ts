const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * What the taker does with an item would keep the next request from leaving: the connection is freed of the answer before
 * it in one turn of the event loop and written to in the next.
 */
async function letRequestLeave(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/**
 * Hands out an iterable's items while its next one is already on the way: always one ahead, never more, so that memory
 * stays flat. A failure of the next item is thrown after the item before it was taken. `leave` is called first when the taker
 * stops, to cut short what is still on the way. Source: DESIGN §4.3.
 */
export async function* oneAhead<T>(
  items: AsyncIterable<T>,
  leave: () => void,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const fetch = (): Promise<IteratorResult<T>> => {
    const next = iterator.next();
    // Awaited one turn later: until then a failure must not count as unhandled.
    next.catch(() => undefined);
    return next;
  };
  try {
    let next = fetch();
    for (;;) {
      const item = await next;
      if (item.done) return;
      next = fetch();
      await letRequestLeave();
      yield item.value;
    }
  } finally {
    leave();
    await iterator.return?.();
  }
}
