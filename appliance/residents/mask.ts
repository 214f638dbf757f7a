/** So much of a NIK or a family card's number is shown in a list: 351024******0001. */
export const maskNumber = (number: string): string =>
  number.length <= 10 ? number.replaceAll(/./g, '*') : `${number.slice(0, 6)}******${number.slice(-4)}`
