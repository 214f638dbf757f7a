/* What a box begins with: one flow that shows how it is done, and does nothing but write into the editor's debug tab. */

const tab = 'balai-first'
const at = (x: number, y: number) => ({ z: tab, x, y })

export const firstFlow = JSON.stringify([
  {
    id: tab,
    type: 'tab',
    label: 'Contoh: setiap panggilan',
    info: 'Setiap nomor yang dipanggil muncul di tab Debug. Ubah teksnya, tekan Deploy, lalu panggil satu nomor.',
  },
  {
    ...{ id: 'balai-first-entries', type: 'balai entries', name: 'Nomor dipanggil', box: 'balai-first-box' },
    ...{ types: 'queue.ticket-called', wait: false, ...at(170, 100), wires: [['balai-first-text']] },
  },
  {
    ...{
      id: 'balai-first-text',
      type: 'template',
      name: 'Teks',
      field: 'payload',
      fieldType: 'msg',
      format: 'handlebars',
    },
    ...{ syntax: 'mustache', template: 'Nomor dipanggil pukul {{payload.at}}', output: 'str' },
    ...{ ...at(350, 100), wires: [['balai-first-debug']] },
  },
  {
    ...{ id: 'balai-first-debug', type: 'debug', name: 'Tampilkan', active: true, tosidebar: true, console: false },
    ...{ tostatus: false, complete: 'payload', targetType: 'msg', statusVal: '', statusType: 'auto' },
    ...{ ...at(520, 100), wires: [] },
  },
  { id: 'balai-first-box', type: 'balai-box', name: 'Perangkat Balai ini', where: 'here', url: '' },
])
