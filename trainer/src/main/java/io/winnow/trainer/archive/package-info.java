/** Writing a network as a TorchScript archive that plain PyTorch opens. */
@NullMarked
package io.winnow.trainer.archive;

import org.jspecify.annotations.NullMarked;
