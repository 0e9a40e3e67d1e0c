/**
 * Two user names that differ in case or in Unicode form only are one. NFKC folds forms; upper and then lower case folds
 * what lower case alone would leave apart (`ß` and `SS`, the two small sigmas).
 */
export function normaliseUsername(username: string): string {
  return username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
