/** How many entries of maps are visited meanwhile. */
export async function countLooks(act: () => Promise<void>): Promise<number> {
  let looks = 0
  const iterate = Map.prototype[Symbol.iterator]
  Map.prototype[Symbol.iterator] = function (this: Map<unknown, unknown>) {
    const entries = iterate.call(this)
    const next = entries.next.bind(entries)
    entries.next = () => {
      looks++
      return next()
    }
    return entries
  }
  try {
    await act()
  } finally {
    Map.prototype[Symbol.iterator] = iterate
  }
  return looks
}
