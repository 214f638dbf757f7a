/** Of a photo of a paper: its longer side in points, and its file in bytes. A line of 8 kB/s carries it in half a minute. */
export const mostPhotoSide = 1_600
export const mostPhotoBytes = 250_000
/** Below that nobody reads a paper. */
export const leastPhotoSide = 200
/** Of one case. */
export const mostPhotos = 20
