package stir.backend.tf.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import stir.api.Device;
import stir.backend.tf.Models;
import stir.backend.tf.TfBackendProvider;

/** Devices, with the native library for the CPU, which the build uses. */
class DevicesTest {
    @Test
    void onlyTheCpu() {
        assertEquals(List.of(Device.CPU), new TfBackendProvider().devices(Models.cache()));
    }

    @Test
    void aSessionFindsNoGpu() {
        TfNatives.load(Models.cache());
        var config = TfDevices.config(Device.parse("cuda:1"), 2);
        assertEquals(0, TfDevices.gpus(config));
    }

    @Test
    void gpuSessionsUseOneGpuAndItsMemoryOnDemand() {
        var config = TfDevices.config(Device.parse("cuda:2"), 3);
        assertFalse(TfDevices.isCpu(config));
        assertEquals("2", config.getGpuOptions().getVisibleDeviceList());
        assertEquals(true, config.getGpuOptions().getAllowGrowth());
        assertEquals(3, config.getIntraOpParallelismThreads());
    }

    @Test
    void cpuSessionsSeeNoGpu() {
        var config = TfDevices.config(Device.CPU, 1);
        assertEquals(0, config.getDeviceCountOrDefault("GPU", -1));
        assertTrue(TfDevices.isCpu(config));
    }

    @Test
    void partialRunsOfAllProcessorsDoNotWaitForEachOther() {
        var pool = TfDevices.config(Device.CPU, 1).getSessionInterOpThreadPool(0);
        assertEquals(Runtime.getRuntime().availableProcessors(), pool.getNumThreads());
    }
}
