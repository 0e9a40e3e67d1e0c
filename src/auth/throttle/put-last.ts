/** Files a value as the last one of a map. Where there are more than `max` then, the first one goes. */
export function putLast<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= max) return
  for (const first of map.keys()) {
    map.delete(first)
    return
  }
}
