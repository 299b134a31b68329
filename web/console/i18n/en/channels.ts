export default {
  message: {
    title: 'Messages', search: 'Customer number or phone', customer: 'Customer', source: 'Campaign', parts: 'Parts', cost: 'Cost', queued: 'Queued', handed: 'Handed over', ended: 'Receipt',
    none: 'No messages yet', noneHint: 'Once a campaign writes to its customers, every message shows here. Neither text nor number is kept.',
    waiting: 'Waiting', onWay: 'Handed over', arrived: 'Delivered', failed: 'Failed', withheld: 'Not sent', spent: 'Cost', signIn: 'Sign-in code', signInCost: 'of which sign-in codes {{amount}}', segmentCount: '{{parts}} parts are charged',
    why: 'Why not sent', gateway: 'SMS gateway', gatewayNone: 'Not connected', gatewaySet: 'Connect a gateway', gatewayChange: 'Change the gateway', resting: 'No answer; tried again after {{time}}', off: 'Switched off', well: 'Well',
    state: 'State', reasons: {
      no_consent: 'No consent to marketing', suppressed: 'On a suppression list', excluded: 'Always left out', tag_deleted: 'Deleted the tag they were chosen by', closed: 'No longer a customer', no_phone: 'No phone number', frequency: 'Enough messages already', plan_ended: 'Campaign is over', joined: 'Customers joined: told once',
    },
    trialPhones: 'Phones to try on', trialSays: 'Whoever writes a campaign may send its message here first. Numbers are sealed and shown masked.', trialName: 'Whose phone', trialPhone: 'Number', trialAdd: 'Add', trialNone: 'No phone is allowed yet.', trialTitle: 'Allow one more phone',
    address: 'Address of the gateway', addressHint: 'Begins with https://', sender: 'Signature', senderHint: 'As registered with the carriers, without brackets', keyId: 'Key id', key: 'Shared key (Base64)', keyHint: 'Leave empty to keep the key; a first one is made for you',
    link: 'Links begin with', linkHint: 'For instance m.bank.cn', price: 'Price per thousand', batch: 'Messages per call', timeout: 'Time-out (seconds)', enabled: 'In use',
  },
}
