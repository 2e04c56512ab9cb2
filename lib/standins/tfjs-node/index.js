// danfo asks for tfjs' native build, which is 600 MB and fetched from elsewhere; the lab's one will do.
module.exports = require('@tensorflow/tfjs');
