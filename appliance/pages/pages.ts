/**
 * The pages that are built: what each begins with, whether it follows the system's light or dark, and which groups of
 * messages it carries besides `ui`, `error` and `language` (a kiosk has 60 KiB in all and no use for the admin's words).
 */
export const pages = {
  home: { entry: 'appliance/pages/home/home.tsx', theme: 'auto', messages: ['home'] },
  kiosk: { entry: 'appliance/pages/kiosk/kiosk.tsx', theme: 'light', messages: ['kiosk', 'device', 'survey', 'times'] },
  display: { entry: 'appliance/pages/display/display.tsx', theme: 'dark', messages: ['display', 'device'] },
  book: { entry: 'appliance/pages/book/book.tsx', theme: 'auto', messages: ['book', 'times'] },
  phone: { entry: 'appliance/pages/phone/phone.tsx', theme: 'auto', messages: ['phone', 'survey'] },
  visitor: { entry: 'appliance/pages/visitor/visitor.tsx', theme: 'auto', messages: ['visitor'] },
  desk: { entry: 'appliance/pages/desk/desk.tsx', theme: 'auto', messages: ['desk', 'staff', 'alarm'] },
  admin: { entry: 'appliance/pages/admin/admin.tsx', theme: 'auto', messages: ['admin', 'staff'] },
  technician: {
    entry: 'appliance/pages/technician/technician.tsx',
    theme: 'auto',
    messages: ['technician', 'check', 'staff', 'alarm', 'relay'],
  },
  today: { entry: 'appliance/pages/reports/today.tsx', theme: 'auto', messages: ['today', 'reports', 'staff'] },
  reports: { entry: 'appliance/pages/reports/reports.tsx', theme: 'auto', messages: ['reports', 'staff', 'survey'] },
  percaya: { entry: 'appliance/pages/percaya/percaya.tsx', theme: 'auto', messages: ['percaya'] },
  waiting: { entry: 'appliance/pages/waiting/waiting.tsx', theme: 'auto', messages: ['waiting'] },
  hub: { entry: 'regency/console/hub.tsx', theme: 'auto', messages: ['hub', 'staff', 'alarm'] },
} as const satisfies Record<string, { entry: string; theme: 'auto' | 'light' | 'dark'; messages: readonly string[] }>

/** Groups that every page carries. */
export const sharedMessages = ['language', 'ui', 'error'] as const
