/** The longest that a login may bring, in UTF-16 units, before it is normalised. */
export const maxUsernameLength = 1_024

/**
 * Two user names that differ in case or in Unicode form only are one. NFKC folds forms; lower, upper and again lower
 * case folds what lower case alone would leave apart (`ß`, `ẞ` and `SS`, the two small sigmas).
 */
export function normaliseUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}
