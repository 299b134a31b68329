import campaigns from './campaigns'
import govern from './govern'
import know from './know'
import problem from './problem'
import reward from './reward'
import shell from './shell'
import work from './work'

export default { ...shell, ...problem, ...know, ...reward, ...work, ...campaigns, ...govern }
