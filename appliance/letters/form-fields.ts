import type { FormField } from './civil-forms-view.ts'

/* What fields of forms are written with. */

export const text = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  ...{ name, label, kind: 'text' },
  ...more,
})
export const choice = (
  name: string,
  label: string,
  options: readonly string[],
  more: Partial<FormField> = {},
): FormField => ({
  ...{ name, label, kind: 'choice', options: [...options] },
  ...more,
})
export const needed = { needed: true }
export const sixteen = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({
  ...{ name, label, kind: 'sixteen' },
  ...more,
})
export const contact = [text('telepon', 'Nomor telepon'), text('email', 'Alamat surel')]
export const witnesses = ['1', '2'].flatMap((n) => [
  text(`saksi_${n}_nama`, `Nama saksi ${n}`),
  sixteen(`saksi_${n}_nik`, `NIK saksi ${n}`),
])
