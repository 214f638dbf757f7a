/** A village's code as people write it: 35.10.24.2008. Pure; pages use it, too. */
export const dotVillage = (village: string): string => village.replace(/^(..)(..)(..)(....)$/, '$1.$2.$3.$4')
