/** Takes the items in their order, so many at once. Begins no more when one of them has failed, and rejects. */
export async function inParallel<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const shared = (function* () {
    yield* items
  })()
  async function actOnNext(): Promise<void> {
    for (const item of shared) await act(item) // whoever leaves the loop early ends it for all
  }
  await Promise.all(Array.from({ length: atOnce }, actOnNext))
}
