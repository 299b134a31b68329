import campaigns from './campaigns'
import channels from './channels'
import console from './console'
import govern from './govern'
import know from './know'
import problem from './problem'
import reward from './reward'
import shell from './shell'
import supply from './supply'
import work from './work'

export default { ...shell, ...problem, ...know, ...reward, ...supply, ...work, ...campaigns, ...channels, ...console, ...govern }
