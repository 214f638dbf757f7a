/** Two letters for a tile: "Sekretaris desa" is SD, "Petugas 2" is P2, "Teknisi" is T. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = words.length > 2 ? [words[0], words[words.length - 1]] : words
  return letters.map((word) => word?.[0]?.toUpperCase() ?? '').join('')
}
