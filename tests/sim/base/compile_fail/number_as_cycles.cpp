#include "sim/base/units.h"

void wait(systol::Cycles cycles);
void run() { wait(5); }
