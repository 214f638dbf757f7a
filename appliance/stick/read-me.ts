/** `BACA.txt`: what this is, for whoever finds the stick or is to carry it. */
export const readMe = ({ name, village }: { name: string; village: string }): string =>
  `${name} (${village})

Stik ini membawa catatan kantor desa untuk server kabupaten, karena saluran internet desa sedang tidak ada.
Isinya terkunci: hanya server kabupaten yang dapat membukanya.

Untuk yang membawa: serahkan stik ini kepada pengelola Balai di kabupaten (Dinas Kominfo), atau salin berkas
kirim-....balai ke laptop dan serahkan dari sana. Jangan ubah nama atau isinya.
Untuk pengelola di kabupaten: buka halaman Stik di konsol Balai dan pilih berkas kirim-....balai, atau ketik
  sudo balai hub import FOLDER-STIK
Berkas terima-....balai yang dihasilkan dibawa kembali ke desa dan dipasang pada perangkat Balai di kantor.
Bila stik ini hilang: tidak ada catatan yang hilang. Semuanya masih tersimpan di perangkat Balai di kantor.
Bila Anda menemukannya: mohon dikembalikan ke kantor desa tersebut di atas.

-- English --
This stick carries what a village office has to tell its regency while its line is away. It is sealed: only the
regency's hub opens it. Import it there (page Stick of the console, or: sudo balai hub import FOLDER), and bring the
file terima-....balai back to the office. If the stick is lost, nothing is lost.
`.replaceAll('\n', '\r\n')
