export const makePackage = ({ program }: { dist: string; root: string; architecture: string; version: string; program: string }): string => program
