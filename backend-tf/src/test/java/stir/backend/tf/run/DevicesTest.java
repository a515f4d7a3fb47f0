package stir.backend.tf.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.api.Device;
import stir.backend.tf.Models;
import stir.backend.tf.TfBackendProvider;

import java.util.List;

/** Devices, with the native library for the CPU, which the build uses. */
class DevicesTest {
    @Test
    void onlyTheCpu() {
        assertEquals(List.of(Device.CPU), new TfBackendProvider().devices(Models.cache()));
    }

    @Test
    void aSessionFindsNoGpu() {
        TfNatives.load(Models.cache());
        assertEquals(0, TfDevices.gpus());
    }

    @Test
    void gpuSessionsUseOneGpuAndItsMemoryOnDemand() {
        var config = TfDevices.config(Device.parse("cuda:2"), 3);
        assertEquals("2", config.getGpuOptions().getVisibleDeviceList());
        assertEquals(true, config.getGpuOptions().getAllowGrowth());
        assertEquals(3, config.getIntraOpParallelismThreads());
    }

    @Test
    void cpuSessionsSeeNoGpu() {
        var config = TfDevices.config(Device.CPU, 1);
        assertEquals(0, config.getDeviceCountOrDefault("GPU", -1));
    }
}
