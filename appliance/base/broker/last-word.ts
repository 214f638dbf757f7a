/** The line of a box that ends for good; `say` tells the regency that it has erased itself, and hangs up. False: it could not. */
export type LastWord = { say: () => Promise<boolean> }
