// The files that every page contains, which are part of the library: a page needs nothing else.
#pragma once

namespace systol {

extern "C" {
extern const char systol_page_style[];
extern const char systol_page_script[];
extern const char systol_array_player_script[];
extern const char systol_vega[];
extern const char systol_vega_lite[];
extern const char systol_vega_licences[];
}

}  // namespace systol
