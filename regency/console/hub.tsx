import 'messages:hub'
